"""Static files with a hash in their names, ES modules' own imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage leaves `import "./x.js"` unhashed unless this is set."""

    support_js_module_import_aggregation = True
    manifest_strict = False
