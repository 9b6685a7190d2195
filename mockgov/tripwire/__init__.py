"""The tripwire: no number of a living person's gets into a world.

Turkey publishes no identity numbers for tests, so any valid one that a world has not minted may be somebody's. Where a
text comes in, it is looked through (`mockgov.vocabulary.likeness`): with an identity number, a phone or a passport that
this world has not minted it is refused before anything is kept (`wire`). What is kept of a refused request itself, such
as in the journal, has asterisks in the number's place. Letters are opened for it (`letters`): their parts, archives,
the texts of PDF files, and the single values of signatures and certificates (`structures`), where a number stands
directly beside bytes that happen to be digits.

| part | fidelity |
|---|---|
| refusing what the sandbox has not minted | chosen here (the ministry took everybody's numbers) |
| numbers in pictures, in files encrypted, or deeper than four archives | absent |
| a number written in groups in a table or a PDF | absent: it looks like any other figures there |
"""
