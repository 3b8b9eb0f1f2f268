module github.com/patchlint/patchlint/interop

go 1.24

replace github.com/patchlint/patchlint => ../

require (
	github.com/google/jsonschema-go v0.4.3
	github.com/patchlint/patchlint v0.0.0-00010101000000-000000000000
)

require github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
