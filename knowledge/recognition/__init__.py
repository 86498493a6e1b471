"""What a text names: programmes, Länder, attributes, kinds of text, types of answer."""
