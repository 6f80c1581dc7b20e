module github.com/iam-playground/iam-playground

go 1.26
