"""The pages of log-in and account (`entry`, `account`, `factor`) and the officers' screens (`office`)."""
