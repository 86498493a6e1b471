"""The gateway: the only part of Stadtlotse that listens on a public address."""
