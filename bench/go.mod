module github.com/patchlint/patchlint/bench

go 1.24

replace github.com/patchlint/patchlint => ../

require (
	github.com/patchlint/patchlint v0.0.0
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
)

require golang.org/x/text v0.14.0 // indirect
