"""Pages: the frame that every web page of the ministry shares. Server-rendered, nothing from elsewhere.

`frame` draws a page from a template of the caller's (`Frame(folder).page(...)`) in the base template's frame, with the
one style sheet inside; `language` says in which of two languages; `guard` keeps other sites from posting its forms.
No page needs a script; a counter may have its own, and says so to the frame. The frame knows no ministry: what
stands on a page, and the secret behind its forms, is handed in.

The template engine takes a moment to load, and is loaded with the first page.
"""
