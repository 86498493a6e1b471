"""Components of Rasa's pipeline that read messages with the knowledge's own lists and fact sheets."""
