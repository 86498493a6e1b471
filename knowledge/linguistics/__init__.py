"""German and English as text: sentences, words, stems, dates, languages, and what identifies a person."""
