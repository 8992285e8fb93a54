"""The self-contained page: where things stand, who, when, the ledger, and the words that every entry rests on."""
