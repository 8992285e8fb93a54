"""Inputs that hold other inputs: folders, archives, zip files."""
