"""A stand-in for Tremendous, which turns orders into gifts: its API, its webhooks, and what people see of it."""
