"""The domain: plain functions over a session. They never commit and never call out."""
