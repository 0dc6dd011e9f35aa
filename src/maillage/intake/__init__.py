"""From outside formats to tables: strict readers that list every problem with row, column and remedy."""
