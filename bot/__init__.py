"""How people talk to Stadtlotse: gateway, channels, web page, command line and the dialogue's training data."""
