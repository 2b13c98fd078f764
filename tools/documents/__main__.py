"""Write the generated pages: `python -m tools.documents`."""

from tools.documents.pages import write_pages

if __name__ == "__main__":
    write_pages()
