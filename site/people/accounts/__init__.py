"""Log-in, first codes, passwords, second factor, sessions."""
