"""The page of a code's QR, to which the second text message links: `/qr/<twelve characters>`.

| part | fidelity |
|---|---|
| what the image says: 32 hexadecimal characters, a bar, the code | faithful |
| a page of its own for each code made by text, with the code, its end, the masked name and the QR | chosen here |
| the same as `.svg` and `.png` behind the page's address | chosen here |
| twelve random characters in the address; whoever has it sees the page, without signing in | chosen here |
| a deleted or expired code: 410, and the page says so; an address of nobody's: 404 | chosen here |
| QR pages for codes made elsewhere than by text | absent |
"""
