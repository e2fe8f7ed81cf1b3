"""Questions in and out: one module a format, all between bytes and `domain.body.Item`."""
