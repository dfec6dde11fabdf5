package larder

import (
	"errors"
	"sync"
)

// The official SDK has functions and one token for the whole program. These are its functions.

var program struct {
	lock    sync.Mutex
	token   string
	options []Option
	client  *Client
}

// SetAuthToken sets the token of the functions of this package.
func SetAuthToken(token string) { Configure(token) }

// Configure sets the token of the functions of this package, with options.
func Configure(token string, options ...Option) {
	program.lock.Lock()
	defer program.lock.Unlock()
	program.token, program.options, program.client = token, options, nil
}

// Default is the client behind the functions of this package.
func Default() (*Client, error) {
	program.lock.Lock()
	defer program.lock.Unlock()
	if program.token == "" {
		return nil, errors.New("no auth token set")
	}
	if program.client == nil {
		made, err := New(program.token, program.options...)
		if err != nil {
			return nil, err
		}
		program.client = made
	}
	return program.client, nil
}

func call[R any](method func(*Client) (R, error)) (R, error) {
	client, err := Default()
	if err != nil {
		var none R
		return none, err
	}
	return method(client)
}

// GetPosts is Client.GetPosts.
func GetPosts(params ...Params) (*PostsAPIResponse, error) {
	return call(func(client *Client) (*PostsAPIResponse, error) { return client.GetPosts(params...) })
}

// GetPost is Client.GetPost.
func GetPost(slug string, params ...Params) (*PostAPIResponse, error) {
	return call(func(client *Client) (*PostAPIResponse, error) { return client.GetPost(slug, params...) })
}

// SearchPosts is Client.SearchPosts.
func SearchPosts(query string, params ...Params) (*PostsAPIResponse, error) {
	return call(func(client *Client) (*PostsAPIResponse, error) { return client.SearchPosts(query, params...) })
}

// GetPages is Client.GetPages.
func GetPages(pageType string, params ...Params) (*PagesAPIResponse, error) {
	return call(func(client *Client) (*PagesAPIResponse, error) { return client.GetPages(pageType, params...) })
}

// GetPage is Client.GetPage.
func GetPage(pageType, slug string, params ...Params) (*PageAPIResponse, error) {
	return call(func(client *Client) (*PageAPIResponse, error) { return client.GetPage(pageType, slug, params...) })
}

// GetContentFields is Client.GetContentFields.
func GetContentFields(keys []string, params ...Params) (*ContentFieldsAPIResponse, error) {
	return call(func(client *Client) (*ContentFieldsAPIResponse, error) {
		return client.GetContentFields(keys, params...)
	})
}

// GetAuthors is Client.GetAuthors.
func GetAuthors(params ...Params) (*AuthorsAPIResponse, error) {
	return call(func(client *Client) (*AuthorsAPIResponse, error) { return client.GetAuthors(params...) })
}

// GetAuthor is Client.GetAuthor.
func GetAuthor(slug string, params ...Params) (*AuthorAPIResponse, error) {
	return call(func(client *Client) (*AuthorAPIResponse, error) { return client.GetAuthor(slug, params...) })
}

// GetCategories is Client.GetCategories.
func GetCategories(params ...Params) (*CategoriesAPIResponse, error) {
	return call(func(client *Client) (*CategoriesAPIResponse, error) { return client.GetCategories(params...) })
}

// GetCategory is Client.GetCategory.
func GetCategory(slug string, params ...Params) (*CategoryAPIResponse, error) {
	return call(func(client *Client) (*CategoryAPIResponse, error) { return client.GetCategory(slug, params...) })
}

// GetTags is Client.GetTags.
func GetTags(params ...Params) (*TagsAPIResponse, error) {
	return call(func(client *Client) (*TagsAPIResponse, error) { return client.GetTags(params...) })
}

// GetTag is Client.GetTag.
func GetTag(slug string, params ...Params) (*TagAPIResponse, error) {
	return call(func(client *Client) (*TagAPIResponse, error) { return client.GetTag(slug, params...) })
}

// GetFeed is Client.GetFeed.
func GetFeed(feedType string, params ...Params) (*FeedAPIResponse, error) {
	return call(func(client *Client) (*FeedAPIResponse, error) { return client.GetFeed(feedType, params...) })
}
