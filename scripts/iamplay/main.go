// Command iamplay answers scenario documents on the command line:
//
//	iamplay evaluate FILE…    explain every request
//	iamplay test FILE…        hold every request to its expectation
//	iamplay render FILE       write the explanation for readers without the playground
//	iamplay link FILE…        print the link that holds a document
//	iamplay open LINK…        print the document that a link holds
//	iamplay check-links DOC…  hold the links and embeds of documents to what they promise
//	iamplay lint FILE…        hold documents and policies to AWS's checks, and fix what can be
//	iamplay diff A B          list the requests and actions whose answers change
//	iamplay fmt FILE…         print documents formatted, or write them back
//
// "iamplay help" tells the rest.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/iam-playground/iam-playground/engine/lint"
	"github.com/iam-playground/iam-playground/wasm/bridge"
)

// The exit codes. When several apply, the greatest is returned.
const (
	met      = 0 // everything is as expected, or nothing was expected
	failed   = 1 // an expectation is not met
	broken   = 2 // a document has errors, or cannot be read
	wrongUse = 3 // the command line itself is wrong
)

const usage = `iamplay answers AWS IAM scenarios offline.

  iamplay evaluate FILE…   explain every request of the documents
  iamplay test FILE…       hold every request to its expectation; explain those that fail
  iamplay render FILE      write the explanation for readers without the playground: as a page, a picture or text
  iamplay link FILE…       print the link that holds a document
  iamplay open LINK…       print the document that a link holds, or what is left of it; "-" reads the link
  iamplay check-links DOC… hold every playground link and embed of Markdown and HTML to what it promises: it opens,
                           has no errors and meets its expectations
  iamplay lint FILE…       hold documents, and policies that stand alone, to AWS's checks and some more
  iamplay diff A B         list what changes from one version of a document to another: its requests, and the actions that
                           changed statements are about; two policies are compared as a user's
  iamplay fmt FILE…        print documents formatted: two spaces, short lists on one line, the order kept
  iamplay version          print the version and the day as of which AWS's rules were read
  iamplay help             print this

FILE is a scenario document, a folder (all *.json below it), or "-" for the standard input. DOC is a Markdown or HTML
file, or a folder of them.

evaluate and test
  --json           print one line of JSON per file:
                   {"file", "diagnostics": [{"severity", "code", "pointer", "line", "column", "message", "hint"}],
                    "more": how many findings there are beside those,
                    "results": [{"name", "decision", "decidedBy", "message", "dependsOn", "expectation", …}]}
  --request NAME   answer only the requests of that name
  --junit          test: print JUnit's XML
  --github         test: print commands of a GitHub workflow, which become notes at the lines
  --managed FILE   the library of AWS managed policies. Without it: $IAMPLAY_MANAGED, managed/curated.json beside
                   this program, or site/generated/managed/curated.json here or in a folder above; "make build" makes them
  --catalog FILE   AWS's services, actions and keys, with which requests that AWS never makes are warnings, and further
                   checks of a call are proposed. Without it: $IAMPLAY_CATALOG, catalog/catalog.txt beside this program,
                   or site/generated/catalog/catalog.txt here or in a folder above
render
  --html           a page that needs no script; the default
  --svg            a picture of the steps, of the requests of --request or of all
  --md             Markdown
  --text           what evaluate prints, without colours
  --trace          the answers as JSON, with which <iam-playground mode="trace"> shows them without an engine
  --base URL       a page or Markdown links to the scenario in the playground there
link
  --base URL       the page that opens the link; without it, only the fragment is printed
  --request NAME   open the page at that request
lint
  --type TYPE      what the policies are: identity, inline, boundary, session, resource, resource:SERVICE (resource:s3),
                   keyPolicy, trust, scp, rcp or vpce. Without it a document is a scenario or what it most looks like
  --fix            write the documents back with what can be fixed, and say what is left
  --json           print one line of JSON per file: {"file", "findings": [{"severity", "code", "pointer", "line",
                   "column", "message", "hint", "page", "fix"}], "quotas": [{"what", "pointer", "used", "limit", "page"}]}
  --github         print commands of a GitHub workflow, which become notes at the lines
  --catalog FILE, --managed FILE
                   as for test
diff
  --json           print one line of JSON: {"before", "after", "asked", "requests": [{"name", "indexBefore", "indexAfter",
                   "edited", "before": {"decision", "decidedBy", "on"}, "after"}], "probes", "decided", "open",
                   "actions": [{"service", "level", "principal", "resource", "via", "actions", "before", "after"}]}
  --catalog FILE, --managed FILE
                   as for lint
check-links
  --base URL       leave out links to other addresses
fmt
  -w               write the documents back, and print the names of those that changed

Exit code: 0 all is as expected, 1 an expectation is not met, lint found warnings or diff found changes, 2 a document has errors or cannot be
read, 3 wrong use. Suggestions of lint do not count.
Colours are used on a terminal, unless NO_COLOR is set.
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// options are what the command line asks for.
type options struct {
	command string
	json    bool
	form    string // of render: "html", "svg", "md", "text" or "trace"
	junit   bool
	github  bool
	write   bool
	request string // "" for all
	managed string // "" to look for it
	base    string // the address in front of a link
	policy  string // the type of policies, "" to guess
	fix     bool
	catalog string // "" to look for it
	files   []string
}

// run is the program with its streams; it returns the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	complain := func(err error) int {
		fmt.Fprintf(errs, "iamplay: %v\n\n%s", err, usage)
		return wrongUse
	}
	if len(args) == 0 {
		return complain(errors.New("expected a command"))
	}
	switch args[0] {
	case "evaluate", "test", "render", "link", "open", "check-links", "lint", "diff", "fmt":
	case "help", "-h", "-help", "--help":
		fmt.Fprint(out, usage)
		return met
	case "version", "--version":
		fmt.Fprintf(out, "iamplay %s, AWS's rules as of %s\n", bridge.Version, bridge.Rules)
		return met
	default:
		return complain(fmt.Errorf("found the command %q, expected evaluate, test, render, link, open, check-links, lint, diff, fmt, version or help", args[0]))
	}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, usage)
		return met
	}
	if err != nil {
		return complain(err)
	}
	s := session{options: o, in: in, out: out, errs: errs, colours: colours(out)}
	switch o.command {
	case "evaluate", "test", "render", "check-links", "lint", "diff":
		if err := s.loadLibrary(); err != nil {
			return complain(err)
		}
		if err := s.loadCatalog(); err != nil {
			return complain(err)
		}
	}
	return s.all()
}

// parse reads the arguments of a command. Flags may stand anywhere.
func parse(args []string) (options, error) {
	o := options{command: args[0]}
	flags := flag.NewFlagSet("iamplay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	switch o.command {
	case "test":
		flags.BoolVar(&o.junit, "junit", false, "")
		flags.BoolVar(&o.github, "github", false, "")
		fallthrough
	case "evaluate":
		flags.BoolVar(&o.json, "json", false, "")
		flags.StringVar(&o.request, "request", "", "")
		flags.StringVar(&o.catalog, "catalog", "", "")
		flags.StringVar(&o.managed, "managed", "", "")
	case "render":
		for _, form := range []string{"html", "svg", "md", "text", "trace"} {
			flags.BoolFunc(form, "", func(string) error {
				if o.form != "" && o.form != form {
					return fmt.Errorf("found --%s after --%s, expected one", form, o.form)
				}
				o.form = form
				return nil
			})
		}
		flags.StringVar(&o.base, "base", "", "")
		flags.StringVar(&o.request, "request", "", "")
		flags.StringVar(&o.catalog, "catalog", "", "")
		flags.StringVar(&o.managed, "managed", "", "")
	case "check-links":
		flags.StringVar(&o.base, "base", "", "")
		flags.StringVar(&o.catalog, "catalog", "", "")
		flags.StringVar(&o.managed, "managed", "", "")
	case "link":
		flags.StringVar(&o.base, "base", "", "")
		flags.StringVar(&o.request, "request", "", "")
	case "lint":
		flags.StringVar(&o.policy, "type", "", "")
		flags.BoolVar(&o.fix, "fix", false, "")
		flags.BoolVar(&o.json, "json", false, "")
		flags.BoolVar(&o.github, "github", false, "")
		flags.StringVar(&o.catalog, "catalog", "", "")
		flags.StringVar(&o.managed, "managed", "", "")
	case "diff":
		flags.BoolVar(&o.json, "json", false, "")
		flags.StringVar(&o.catalog, "catalog", "", "")
		flags.StringVar(&o.managed, "managed", "", "")
	case "fmt":
		flags.BoolVar(&o.write, "w", false, "")
	}
	for rest := args[1:]; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			return o, err
		}
		if rest = flags.Args(); len(rest) > 0 {
			o.files, rest = append(o.files, rest[0]), rest[1:]
		}
	}
	if len(o.files) == 0 && o.command != "diff" {
		return o, fmt.Errorf("%s: expected a file, a folder or \"-\"", args[0])
	}
	if o.command == "diff" {
		return o, checkDiff(o.files)
	}
	if o.command == "render" && len(o.files) > 1 {
		return o, fmt.Errorf("render: found %d files, expected one: each makes a page of its own", len(o.files))
	}
	if _, ok := lint.ParseType(o.policy); o.policy != "" && !ok {
		return o, fmt.Errorf("lint: found --type %s, expected one of %s", o.policy, strings.Join(lint.Types(), ", "))
	}
	if o.request != "" && o.command == "render" && o.form != "svg" {
		return o, errors.New("render: found --request without --svg, expected it for a picture only")
	}
	if o.json && (o.junit || o.github) || o.junit && o.github {
		return o, errors.New("found two of --json, --junit and --github, expected one")
	}
	return o, nil
}

// colours reports whether what is written is read on a terminal that has
// colours, by someone who wants them.
//
// https://no-color.org
func colours(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
