"""From a Parse to a coded document: one step a file, composed in `coder`."""
