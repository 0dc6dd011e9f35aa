"""All that must be refused, told of or read rightly: name -> case."""

from bad import Bad
from bad_documents import DOCUMENTS
from bad_forms import FORMS
from bad_layers import LAYERS
from bad_logs import LOGS
from bad_projects import PROJECTS
from bad_settings import SETTINGS
from bad_tables import CSV
from bad_vaults import VAULTS

PARTS = {
    "csv": CSV, "form": FORMS, "document": DOCUMENTS, "project": PROJECTS, "layer": LAYERS, "log": LOGS,
    "settings": SETTINGS, "vault": VAULTS,
}  # fmt: skip
CORPUS: dict[str, Bad] = {f"{part} {name}": case for part, cases in PARTS.items() for name, case in cases.items()}
