package form

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
)

// TestPercentEncoded checks that no percent-encoding in a value is a placeholder.
func TestPercentEncoded(t *testing.T) {
	for text, want := range map[string]bool{
		"https://contoso.com/%C3%BCber%20uns":               false,
		"J%C3%B6rg":                                         false,
		"%D0%A2%D0%B5%D1%81%D1%82":                          false,
		"100%25%20of%20%E2%82%AC":                           false,
		"https://contoso.com/%C3%BC?u=%7B%7BUserName%7D%7D": false,
		"%25SERIAL%25":                                      false,
		"%7Bid%7D":                                          false,
		"%C3%BC {{user}}":                                   true,
		"<a%20name>":                                        true,
		"%DB%":                                              true,
		"%DATE%20%TIME%":                                    true,
		"%C3%BC %USER%":                                     true,
		"%BACKUP%20":                                        true, // not UTF-8 if it is decoded
		"%ABC%20%FF":                                        true,
	} {
		if got := Placeholder(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// TestResemblesPlaceholder checks that the fast tests miss no text that the expressions
// match.
func TestResemblesPlaceholder(t *testing.T) {
	pieces := strings.Fields(`< > / ! % $ { } ${ $( ) $[ ] [ [[ ]] (( )) # #{ @ @@ _ __ « » - . : " TODO fixme TBD placeholder CHANGE_ME
		replace this with YOUR insert ENTER here x xx xxxxxxxx * *** string parameters env a B 7 é`)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		for range 1 + random.IntN(6) {
			text.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(5) == 0 {
				text.WriteByte(' ')
			}
		}
		s := strings.TrimSpace(text.String())
		inner := innerPlaceholder.Get().MatchString(s)
		if inner && !hasDelimiter([]byte(s)) {
			t.Errorf("%q has no delimiter", s)
		}
		matched := wholePlaceholder.Get().MatchString(s) || inner
		if matched && !resemblesPlaceholder([]byte(s)) {
			t.Errorf("%q is taken for a real value", s)
		}
	}
}

// TestPlaceholderInURL checks which URLs have a placeholder for an id, and which part of
// the URL it is.
func TestPlaceholderInURL(t *testing.T) {
	for url, want := range map[string]string{
		"/users/{id}": "{id}",
		"/users/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx":    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
		"/users/%USER%@contoso.com":                      "%USER%",
		"/users(__ID__)":                                 "__ID__",
		"/users('<x>')":                                  "<x>",
		"/users/%7Bid%7D/manager":                        "{id}",
		"users(%27%7Bid%7D%27)":                          "{id}",
		"/users/%257Bid%257D":                            "", // the literal %7Bid%7D
		"/users/%USER%/manager":                          "%USER%",
		"/users('%USER%')":                               "%USER%",
		"/users/__USER__/manager":                        "__USER__",
		"/users/a-{{id}}@contoso.com":                    "{{id}}",
		"/users/${id}/manager":                           "${id}",
		"/users/$(id)/$ref":                              "$(id)",
		"/users/{{a/b}}":                                 "{{a/b}}",
		"/users/#{id}#":                                  "#{id}",
		"$owner":                                         "$owner",
		"<https://graph.microsoft.com/v1.0/users/id>":    "<https://graph.microsoft.com/v1.0/users/id>",
		"/users?$filter=displayName eq '{y}'":            "",
		"/users/{8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a}":  "",
		"/users/a%20b":                                   "",
		"/users/a_contoso.com%23EXT%23@b.com":            "",
		"/$batch":                                        "",
		"/me/Todo/lists/$ref":                            "",
		"/me/todo/lists/{id}":                            "{id}",
		"/sites/root/lists/TODO":                         "",
		"groups(uniqueName='TODO')":                      "",
		"/me/mailFolders('TODO')/messages('<id>')":       "<id>",
		"/drive/items/1/workbook/worksheets/{id|name}":   "{id|name}",
		"/drive/items/1/workbook/worksheets/TODO/charts": "",
		"/drive/root:/TODO/{x}":                          "",
		"https://graph.microsoft.com/v1.0/drives/1/root:/<x>:/content":                                     "",
		"https://graph.microsoft.com/v1.0/drives/{id}/root:/TODO":                                          "{id}",
		"/sites/contoso.com:/sites/x:/lists/{list-id}":                                                     "{list-id}",
		"/sites/contoso.com,{site},{web}":                                                                  "{site}",
		"/sites/contoso.com,{8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a},{web}":                                  "{web}",
		"/sites/contoso.com,{8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a},{8ad1eb04-eb04-8ad1-04eb-d18a04ebd18b}": "",
		"/sites/contoso.com,xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx,1/lists":                                  "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
		"/chats/19:{id}@thread.tacv2":                                                                      "{id}",
		"/chats/19%3A%7Bid%7D%40thread.tacv2/messages":                                                     "{id}",
		"/users/<name>@contoso.com":                                                                        "<name>",
		"/users/a{b/c}d":                                                                                   "",
		"/users/{b/c}":                                                                                     "",
		"/users/-<b/c>-":                                                                                   "",
		"/groups/g1{,/members}":                                                                            "",
		"/groups/-{,/members}":                                                                             "",
		"/workbook/worksheets/Sheet{1}":                                                                    "",
		"/workbook/worksheets('1')/range(address='A<1>')":                                                  "",
		"/users/{first}{last}@contoso.com":                                                                 "{first}",
		"/users/user{n}@contoso.com":                                                                       "{n}",
		"/users('user_{id}')":                                                                              "{id}",
		"/sites/contoso{env}.sharepoint.com,1,2":                                                           "{env}",
		"/users/a{}@contoso.com":                                                                           "",
	} {
		if got := string(PlaceholderInURL([]byte(url))); got != want {
			t.Errorf("PlaceholderInURL(%q) is %q, want %q", url, got, want)
		}
	}
	corpus.Linear(t, 20_000, func(n int) { PlaceholderInURL([]byte("%" + strings.Repeat("25", n))) })
}
