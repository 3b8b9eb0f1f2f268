// Package msgraph tests that guard works with Microsoft's Graph SDKs for Go, v1.0 and
// beta: updates that are built from the SDK's models and sent with its request builders
// arrive as the SDK serialized them, faulty updates do not arrive, and the caller learns
// why.
//
// It is a separate module, because the SDKs take minutes to compile:
//
//	cd interop/msgraph && go test ./...
package msgraph
