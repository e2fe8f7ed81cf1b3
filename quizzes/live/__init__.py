"""The live room: a class answers together, on raised hands or on phones. The map is docs/live-protocol.md."""
