"""Work that can wait: ids in, domain functions out. Each may run twice."""
