"""Measurements, not tests: ratios against bare Rasa and a bare query embedding. Run them on an idle machine."""
