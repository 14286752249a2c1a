"""Reports, cases, decisions, appeals: keeping groups safe without learning who anyone is."""
