package odata_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/odata"
)

func TestParseContext(t *testing.T) {
	const base = "https://graph.microsoft.com/beta/$metadata"
	for fragment, want := range map[string]odata.Context{
		"":                               {},
		"groups":                         {Path: []string{"groups"}},
		"groups/$entity":                 {Path: []string{"groups"}, Entity: true},
		"groups(id,displayName)":         {Path: []string{"groups"}, Selected: []string{"id", "displayName"}},
		"groups(*)/$delta":               {Path: []string{"groups"}, Delta: true},
		"groups(id,owners(mail))":        {Path: []string{"groups"}, Selected: []string{"id"}},
		"users('a%2Fb')/manager":         {Path: []string{"users('a%2Fb')", "manager"}},
		"users(%271%27)/manager/$entity": {Path: []string{"users('1')", "manager"}, Entity: true},
		"users({id})/manager/$entity":    {Path: []string{"users({id})", "manager"}, Entity: true},
		"users(id)/manager/$entity":      {Path: []string{"users(id)", "manager"}, Entity: true},
		"sites(a,b,c)/lists/$entity":     {Path: []string{"sites(a,b,c)", "lists"}, Entity: true},
		"users('a)b')/manager/$entity":   {Path: []string{"users('a)b')", "manager"}, Entity: true},
		"users('a(b')/manager/$entity":   {Path: []string{"users('a(b')", "manager"}, Entity: true},
		"users('it''s (')/manager":       {Path: []string{"users('it''s (')", "manager"}},
		"users('1')":                     {Path: []string{"users"}},
		"users(%271%27)/$entity":         {Path: []string{"users"}, Entity: true},
		"users%28id%2CdisplayName%29":    {Path: []string{"users"}, Selected: []string{"id", "displayName"}},
		"users('1')/manager/$ref":        {Path: []string{"users('1')", "manager", "$ref"}},
		"users/x.guest(id)/$entity":      {Path: []string{"users", "x.guest"}, Selected: []string{"id"}, Entity: true},
		"x.user":                         {Path: []string{"x.user"}, Entity: true},
		"Collection(x.user)":             {Path: []string{"Collection(x.user)"}},
	} {
		want.Base, want.Version = base, "beta"
		if diff := cmp.Diff(want, odata.ParseContext(base+"#"+fragment)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", fragment, diff)
		}
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string][3]string{
		"#users('1')/memberOf":             {"memberOf", "", "users('1')/memberOf"},
		"#deviceManagement/policies/x.ios": {"policies", "x.ios", "deviceManagement/policies"},
		"#x.user":                          {"", "x.user", ""},
		"#Collection(x.user)":              {"", "x.user", ""},
		"#Collection(user)":                {"", "user", ""},
	} {
		c := odata.ParseContext(text)
		set, of := c.Names()
		if got := [3]string{set, of, c.Uncast()}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
