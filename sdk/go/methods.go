package larder

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// What the API has, under the official SDK's names. Parameters may be left out or nil.

// GetPosts lists posts.
func (client *Client) GetPosts(params ...Params) (*PostsAPIResponse, error) {
	return read(client, &PostsAPIResponse{}, params, "posts")
}

// GetPost gives a post with its neighbours.
func (client *Client) GetPost(slug string, params ...Params) (*PostAPIResponse, error) {
	return read(client, &PostAPIResponse{}, params, "posts", slug)
}

// SearchPosts finds posts.
func (client *Client) SearchPosts(query string, params ...Params) (*PostsAPIResponse, error) {
	return read(client, &PostsAPIResponse{}, with(params, "query", query), "posts", "search")
}

// GetPages lists the pages of a type.
func (client *Client) GetPages(pageType string, params ...Params) (*PagesAPIResponse, error) {
	return read(client, &PagesAPIResponse{}, params, "pages", pageType)
}

// GetPage gives a page; its type may be "*".
func (client *Client) GetPage(pageType, slug string, params ...Params) (*PageAPIResponse, error) {
	return read(client, &PageAPIResponse{}, params, "pages", pageType, slug)
}

// SearchPages finds pages.
func (client *Client) SearchPages(query string, params ...Params) (*PagesAPIResponse, error) {
	return read(client, &PagesAPIResponse{}, with(params, "query", query), "pages", "search")
}

// GetContentFields gives collections by their keys.
func (client *Client) GetContentFields(keys []string, params ...Params) (*ContentFieldsAPIResponse, error) {
	return read(client, &ContentFieldsAPIResponse{}, with(params, "keys", strings.Join(keys, ",")), "content")
}

// GetAuthors lists authors.
func (client *Client) GetAuthors(params ...Params) (*AuthorsAPIResponse, error) {
	return read(client, &AuthorsAPIResponse{}, params, "authors")
}

// GetAuthor gives an author.
func (client *Client) GetAuthor(slug string, params ...Params) (*AuthorAPIResponse, error) {
	return read(client, &AuthorAPIResponse{}, params, "authors", slug)
}

// GetCategories lists categories.
func (client *Client) GetCategories(params ...Params) (*CategoriesAPIResponse, error) {
	return read(client, &CategoriesAPIResponse{}, params, "categories")
}

// GetCategory gives a category.
func (client *Client) GetCategory(slug string, params ...Params) (*CategoryAPIResponse, error) {
	return read(client, &CategoryAPIResponse{}, params, "categories", slug)
}

// GetTags lists tags.
func (client *Client) GetTags(params ...Params) (*TagsAPIResponse, error) {
	return read(client, &TagsAPIResponse{}, params, "tags")
}

// GetTag gives a tag.
func (client *Client) GetTag(slug string, params ...Params) (*TagAPIResponse, error) {
	return read(client, &TagAPIResponse{}, params, "tags", slug)
}

// GetFeed gives "rss", "atom" or "sitemap" as XML.
func (client *Client) GetFeed(feedType string, params ...Params) (*FeedAPIResponse, error) {
	return read(client, &FeedAPIResponse{}, params, "feeds", feedType)
}

// Changes need a write token, and are sent once, to the first address.

// CreatePost makes a post of whatever has the right JSON.
func (client *Client) CreatePost(post any) (*WriteResponse, error) {
	return client.change(http.MethodPost, []string{"posts"}, post)
}

// UpdatePost changes what the JSON has.
func (client *Client) UpdatePost(slug string, changes any) (*WriteResponse, error) {
	return client.change(http.MethodPatch, []string{"posts", slug}, changes)
}

// DeletePost removes a post.
func (client *Client) DeletePost(slug string) (*WriteResponse, error) {
	return client.change(http.MethodDelete, []string{"posts", slug}, nil)
}

// CreatePage makes a page.
func (client *Client) CreatePage(page any) (*WriteResponse, error) {
	return client.change(http.MethodPost, []string{"pages"}, page)
}

// UpdatePage changes what the JSON has; the page's type may be "*".
func (client *Client) UpdatePage(pageType, slug string, changes any) (*WriteResponse, error) {
	return client.change(http.MethodPatch, []string{"pages", pageType, slug}, changes)
}

// DeletePage removes a page.
func (client *Client) DeletePage(pageType, slug string) (*WriteResponse, error) {
	return client.change(http.MethodDelete, []string{"pages", pageType, slug}, nil)
}

// CreateContentFields adds items to a collection: {"key": ..., "fields": [...]}.
func (client *Client) CreateContentFields(items any) (*WriteResponse, error) {
	return client.change(http.MethodPost, []string{"content"}, items)
}

// UpdateContentFields changes an item of a collection.
func (client *Client) UpdateContentFields(key string, id int64, changes any) (*WriteResponse, error) {
	return client.change(http.MethodPatch, []string{"content", key, strconv.FormatInt(id, 10)}, changes)
}

// DeleteContentFields removes an item of a collection.
func (client *Client) DeleteContentFields(key string, id int64) (*WriteResponse, error) {
	return client.change(http.MethodDelete, []string{"content", key, strconv.FormatInt(id, 10)}, nil)
}

// response is what answers a read.
type response interface{ set(found) }

func read[R response](client *Client, into R, params []Params, path ...string) (R, error) {
	var none R
	if path[len(path)-1] == "" {
		// An empty slug asks for the list, as in the official SDK.
		path = path[:len(path)-1]
	}
	came, err := client.read(merged(params), path)
	if err != nil {
		return none, err
	}
	into.set(came)
	if err := json.Unmarshal(came.text, into); err != nil {
		// The answer is returned all the same: what could be read of it, and its JSON.
		return into, &Error{Kind: BadAnswer, message: "the answer has other types than expected: " + err.Error(), cause: err}
	}
	return into, nil
}

func merged(params []Params) Params {
	all := Params{}
	for _, some := range params {
		for name, value := range some {
			all[name] = value
		}
	}
	return all
}

func with(params []Params, name, value string) []Params {
	return append(append([]Params{}, params...), Params{name: value})
}
