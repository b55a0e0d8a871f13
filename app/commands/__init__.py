"""One module for each subcommand of `testamur`."""
