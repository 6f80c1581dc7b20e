module github.com/iam-playground/iam-playground

go 1.26.0

require github.com/andybalholm/brotli v1.2.8

require github.com/santhosh-tekuri/jsonschema/v5 v5.3.1

require (
	github.com/alecthomas/chroma/v2 v2.27.0
	github.com/syumai/workers v0.31.0
	golang.org/x/image v0.47.0
)

require (
	github.com/dlclark/regexp2/v2 v2.2.1 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

tool github.com/syumai/workers/cmd/workers-assets-gen
