// Package msgraph holds proofs, as tests, that the send guard works with
// Microsoft's Graph SDKs for Go, of v1.0 and of beta: updates that are built of
// the SDK's models and sent through its request builders arrive as the SDK
// serialized them, those that are wrong do not arrive, and the caller learns
// why.
//
// It is a module of its own, because the SDKs take minutes to compile:
//
//	cd interop/msgraph && go test ./...
package msgraph
