package main

import (
	"fmt"
	"reflect"

	larder "larder-cms"
)

type client = larder.Client

func text(value any) string { return value.(string) }

func texts(values any) (all []string) {
	for _, value := range values.([]any) {
		all = append(all, value.(string))
	}
	return all
}

func id(value any) int64 { return int64(value.(float64)) }

func params(asked message) larder.Params {
	all := larder.Params{}
	for name, value := range asked.Params {
		all[name] = fmt.Sprint(value)
	}
	return all
}

// taken is what every response has in it.
func taken(response any, err error) (larder.Answer, error) {
	value := reflect.ValueOf(response)
	if value.IsNil() {
		return larder.Answer{}, err
	}
	return value.Elem().FieldByName("Answer").Interface().(larder.Answer), err
}

var methods = map[string]func(*client, message) (larder.Answer, error){
	"post.list": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetPosts(params(asked)))
	},
	"post.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetPost(text(asked.Args[0]), params(asked)))
	},
	"post.search": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.SearchPosts(text(asked.Args[0]), params(asked)))
	},
	"page.list": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetPages(text(asked.Args[0]), params(asked)))
	},
	"page.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetPage(text(asked.Args[0]), text(asked.Args[1]), params(asked)))
	},
	"page.search": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.SearchPages(text(asked.Args[0]), params(asked)))
	},
	"content.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetContentFields(texts(asked.Args[0]), params(asked)))
	},
	"author.list": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetAuthors(params(asked)))
	},
	"author.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetAuthor(text(asked.Args[0]), params(asked)))
	},
	"category.list": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetCategories(params(asked)))
	},
	"category.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetCategory(text(asked.Args[0]), params(asked)))
	},
	"tag.list": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetTags(params(asked)))
	},
	"tag.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetTag(text(asked.Args[0]), params(asked)))
	},
	"feed.retrieve": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.GetFeed(text(asked.Args[0]), params(asked)))
	},
	"post.create": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.CreatePost(asked.Args[0]))
	},
	"post.update": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.UpdatePost(text(asked.Args[0]), asked.Args[1]))
	},
	"post.delete": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.DeletePost(text(asked.Args[0])))
	},
	"page.create": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.CreatePage(asked.Args[0]))
	},
	"page.update": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.UpdatePage(text(asked.Args[0]), text(asked.Args[1]), asked.Args[2]))
	},
	"page.delete": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.DeletePage(text(asked.Args[0]), text(asked.Args[1])))
	},
	"content.create": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.CreateContentFields(asked.Args[0]))
	},
	"content.update": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.UpdateContentFields(text(asked.Args[0]), id(asked.Args[1]), asked.Args[2]))
	},
	"content.delete": func(client *client, asked message) (larder.Answer, error) {
		return taken(client.DeleteContentFields(text(asked.Args[0]), id(asked.Args[1])))
	},
}
