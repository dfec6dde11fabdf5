// A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	larder "larder-cms"
)

func main() {
	client, err := larder.New(os.Getenv("LARDER_TOKEN"))
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		panic(http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, request *http.Request) {
			text, err := page(client, request.URL.Path)
			switch {
			case errors.Is(err, larder.NotFound):
				http.Error(out, err.Error(), http.StatusNotFound)
			case err != nil:
				http.Error(out, err.Error(), http.StatusInternalServerError)
			default:
				_, _ = io.WriteString(out, text)
			}
		})))
	}()
	fmt.Printf("http://%s\n", listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func page(client *larder.Client, path string) (string, error) {
	if slug := strings.TrimPrefix(path, "/posts/"); slug != path {
		post, err := client.GetPost(slug)
		if err != nil {
			return "", err
		}
		return post.Post.Title, nil
	}
	posts, err := client.GetPosts(larder.Params{"exclude_body": "true"})
	if err != nil {
		return "", err
	}
	slugs := make([]string, 0, len(posts.PostList))
	for _, post := range posts.PostList {
		slugs = append(slugs, post.Slug)
	}
	return strings.Join(slugs, "\n"), nil
}
