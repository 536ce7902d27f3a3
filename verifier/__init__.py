"""A verifier of the ledger that shares nothing with it but its page (docs/decisions/0120)."""
