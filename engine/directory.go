package engine

import (
	"sort"
	"strings"

	"github.com/iam-playground/iam-playground/engine/stable"
)

// directory finds by name what a scenario describes. Of two things with one
// name, which is reported when the scenario is read, the first is found.
type directory struct {
	accounts    map[string]*Account
	policies    map[place]*Policy
	controls    map[string]*Policy // of the organization
	roles       map[place]*Role
	federations map[place]federation
	sessions    map[sessionPlace]*Session
	endpoints   map[string]endpoint
	resources   []resourceEntry // by ARN
}

// place is a name within an account.
type place struct {
	account *Account
	name    string
}

type sessionPlace struct {
	role *Role
	name string
}

// federation is a federated user's session with the user who federated it.
type federation struct {
	user    *User
	session *Session
}

type endpoint struct {
	*VPCEndpoint
	account *Account
}

type resourceEntry struct {
	*Resource
	account *Account
	// above is the number of the longest entry whose ARN this one's ARN
	// continues; -1 when there is none.
	above int
}

func newDirectory(s *Scenario) directory {
	d := directory{accounts: map[string]*Account{}, policies: map[place]*Policy{}, controls: map[string]*Policy{},
		roles:       map[place]*Role{},
		federations: map[place]federation{}, sessions: map[sessionPlace]*Session{}, endpoints: map[string]endpoint{}}
	if s.Organization != nil {
		for _, p := range s.Organization.Policies {
			first(d.controls, p.Name, p)
		}
	}
	for _, a := range s.Accounts {
		first(d.accounts, a.ID, a)
		for _, p := range a.Policies {
			first(d.policies, place{a, p.Name}, p)
		}
		for _, u := range a.Users {
			for _, f := range u.Federations {
				first(d.federations, place{a, f.Name}, federation{u, f})
			}
		}
		for _, r := range a.Roles {
			first(d.roles, place{a, r.Name}, r)
			for _, session := range r.Sessions {
				first(d.sessions, sessionPlace{r, session.Name}, session)
			}
		}
		for _, e := range a.Endpoints {
			first(d.endpoints, e.ID, endpoint{e, a})
		}
		for _, r := range a.Resources {
			d.resources = append(d.resources, resourceEntry{r, a, -1})
		}
	}
	d.order()
	return d
}

// first enters a value unless there is one of that name.
func first[K comparable, V any](m map[K]V, key K, value V) {
	if _, ok := m[key]; !ok {
		m[key] = value
	}
}

// order sorts the resources and links each to the one above it.
func (d *directory) order() {
	all := d.resources
	stable.Sort(all, func(a, b *resourceEntry) bool { return a.ARN < b.ARN })
	d.resources = all[:0]
	for i := range all {
		if n := len(d.resources); n == 0 || d.resources[n-1].ARN != all[i].ARN {
			d.resources = append(d.resources, all[i])
		}
	}
	for i := 1; i < len(d.resources); i++ {
		d.resources[i].above = d.above(i-1, d.resources[i].ARN)
	}
}

// above is the nearest entry from at upwards whose ARN text begins with.
func (d *directory) above(at int, text string) int {
	for at >= 0 && !strings.HasPrefix(text, d.resources[at].ARN) {
		at = d.resources[at].above
	}
	return at
}

// resource is the entry that covers a resource: its own ARN, or the longest
// one that it lies below; nil when there is none.
//
// Every entry with which text begins stands, in the order of the ARNs, at or
// before the last one that is not greater than text, and begins that one too.
func (d *directory) resource(text string) (*Resource, *Account) {
	after := sort.Search(len(d.resources), func(i int) bool { return d.resources[i].ARN > text })
	for at := d.above(after-1, text); at >= 0; at = d.above(d.resources[at].above, text) {
		e := &d.resources[at]
		if rest := text[len(e.ARN):]; rest == "" || rest[0] == '/' || rest[0] == ':' {
			return e.Resource, e.account
		}
	}
	return nil, nil
}
