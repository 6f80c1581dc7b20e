module github.com/iam-playground/iam-playground

go 1.26

require github.com/andybalholm/brotli v1.2.8

require github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
