"""Walk through a document: its spans and the numbers it prints, in reading order."""

from collections.abc import Iterable, Iterator

from maillage.blocks import Block, Cell, Document, Figure, Heading, Items, KeyFinding, Number, Span, Table


def spans_of(block: Block) -> Iterator[Span]:
    """Every span of a block in reading order; of a figure those of its table."""
    for cell in _cells(block):
        yield from cell


def _cells(block: Block) -> Iterable[Cell]:
    if isinstance(block, Items):
        return block.items
    if isinstance(block, Table):
        return (cell for row in block.rows for cell in row)
    if isinstance(block, Figure):
        return _cells(block.table)
    return (block.spans,)


def numbers_of(blocks: Iterable[Block]) -> Iterator[Number]:
    """The numbers of some blocks in reading order, repeats included."""
    for block in blocks:
        yield from (span for span in spans_of(block) if isinstance(span, Number))


def printed_numbers(document: Document) -> list[str]:
    """Ids of the numbers a document prints, in the order in which each first appears."""
    every = (number.estimate for section in document.sections for number in numbers_of(section.blocks))
    return list(dict.fromkeys(every))


def ids_of(document: Document) -> Iterator[str]:
    """Ids of sections, headings, tables, figures and findings, repeats included."""
    for section in document.sections:
        yield section.id
        for block in section.blocks:
            if isinstance(block, Heading | Table | Figure | KeyFinding):
                yield block.id
