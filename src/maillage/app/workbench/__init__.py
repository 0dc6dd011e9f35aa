"""The workbench: pages in the browser of this machine, and the guard around them."""
