"""How the app hears: signed HTTP or Socket Mode, with acknowledgement, redelivery and faults."""
