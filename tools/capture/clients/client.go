// Makes the calls of a list with net/http: client.go CALLS.json BASE.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"time"
)

type part struct{ Name, Filename, Type, Data string; Value *string }
type call struct {
	Method, Path, Text, Type string
	Query, Headers, Form     [][2]string
	Auth                     []string
	JSON                     json.RawMessage
	Parts                    []part
}

func values(pairs [][2]string) url.Values {
	v := url.Values{}
	for _, p := range pairs {
		v.Add(p[0], p[1])
	}
	return v
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var calls []call
	if err := json.Unmarshal(data, &calls); err != nil {
		panic(err)
	}
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: nil}}
	for _, c := range calls {
		address := os.Args[2] + c.Path
		if len(c.Query) > 0 {
			join := "?"
			if strings.Contains(c.Path, "?") {
				join = "&"
			}
			address += join + values(c.Query).Encode()
		}
		var body io.Reader
		kind := c.Type
		switch {
		case len(c.Form) > 0:
			body, kind = strings.NewReader(values(c.Form).Encode()), "application/x-www-form-urlencoded"
		case c.JSON != nil:
			var v any
			_ = json.Unmarshal(c.JSON, &v)
			b, _ := json.Marshal(v)
			body, kind = bytes.NewReader(b), "application/json"
		case c.Text != "":
			body = strings.NewReader(c.Text)
		case len(c.Parts) > 0:
			var buffer bytes.Buffer
			w := multipart.NewWriter(&buffer)
			for _, p := range c.Parts {
				if p.Value != nil {
					_ = w.WriteField(p.Name, *p.Value)
					continue
				}
				h := textproto.MIMEHeader{}
				h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, p.Name, p.Filename))
				h.Set("Content-Type", p.Type)
				to, _ := w.CreatePart(h)
				b, _ := base64.StdEncoding.DecodeString(p.Data)
				_, _ = to.Write(b)
			}
			_ = w.Close()
			body, kind = &buffer, w.FormDataContentType()
		}
		request, err := http.NewRequest(c.Method, address, body)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		if kind != "" {
			request.Header.Set("Content-Type", kind)
		}
		for _, h := range c.Headers {
			request.Header.Set(h[0], h[1])
		}
		if len(c.Auth) == 2 {
			request.SetBasicAuth(c.Auth[0], c.Auth[1])
		}
		answer, err := client.Do(request)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
		_ = answer.Body.Close()
	}
}
