"""What is kept of whom and how long; export and erasure."""
