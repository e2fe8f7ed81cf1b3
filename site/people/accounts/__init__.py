"""Accounts: log-in, first codes, own account page, sessions, second factor, log-in through a bureau's own provider."""
