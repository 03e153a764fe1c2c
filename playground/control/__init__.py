"""The control API at /control/: act as anybody, see what they see, look at what was delivered, make things go wrong."""
