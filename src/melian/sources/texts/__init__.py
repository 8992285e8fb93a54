"""Files that hold one text each: plain, PDF, DOCX, e-mail, and the pages of a web archive."""
