"""What comes over the network: addresses and feeds."""
