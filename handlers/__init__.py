"""Everything inbound: say who it is, may they, one domain call, answer."""
