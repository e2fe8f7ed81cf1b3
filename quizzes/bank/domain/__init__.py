"""What a question is and how it is marked. Pure: no Django here."""
