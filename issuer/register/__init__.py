"""The register of the consortium: every published version, found by what it says, with its evidence."""
