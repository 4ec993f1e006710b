"""Where and who: the tree of administrative divisions through the years, and which body of it a report is from."""
