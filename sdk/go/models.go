package larder

import "time"

// The answers, under the official SDK's names.

// PostStatus is how far a post is.
type PostStatus string

// PageStatus is how far a page is.
type PageStatus string

// What statuses there are.
const (
	PostStatusDraft     PostStatus = "draft"
	PostStatusPublished PostStatus = "published"
	PostStatusScheduled PostStatus = "scheduled"

	PageStatusDraft     PageStatus = "draft"
	PageStatusPublished PageStatus = "published"
	PageStatusScheduled PageStatus = "scheduled"
)

// PagingMeta says where a list goes on; NextPage and PreviousPage are 0 at its ends.
type PagingMeta struct {
	Count        int `json:"count"`
	NextPage     int `json:"next_page"`
	PreviousPage int `json:"previous_page"`
}

// Post is one post. Body is "" in lists asked for with exclude_body, Published and Scheduled are zero when they are not set.
type Post struct {
	URL              string     `json:"url"`
	Created          time.Time  `json:"created"`
	Updated          time.Time  `json:"updated"`
	Published        time.Time  `json:"published"`
	Author           Author     `json:"author"`
	CategoryList     []Category `json:"categories"`
	TagList          []Tag      `json:"tags"`
	FeaturedImage    string     `json:"featured_image"`
	FeaturedImageAlt string     `json:"featured_image_alt"`
	Slug             string     `json:"slug"`
	Title            string     `json:"title"`
	Body             string     `json:"body"`
	Summary          string     `json:"summary"`
	SEOTitle         string     `json:"seo_title"`
	MetaDescription  string     `json:"meta_description"`
	Status           PostStatus `json:"status"`
	Scheduled        time.Time  `json:"scheduled,omitempty"`
}

// PostMeta names a post's neighbours; their Slug is "" where there is none.
type PostMeta struct {
	NextPost     Post `json:"next_post"`
	PreviousPost Post `json:"previous_post"`
}

// Page is one page. Fields has what its page type says.
type Page struct {
	Slug      string         `json:"slug"`
	Name      string         `json:"name"`
	PageType  string         `json:"page_type"`
	Fields    map[string]any `json:"fields"`
	Status    PageStatus     `json:"status"`
	Published *time.Time     `json:"published,omitempty"`
	Updated   *time.Time     `json:"updated,omitempty"`
	Scheduled *time.Time     `json:"scheduled,omitempty"`
}

// Author writes posts. RecentPosts is there when it was asked for with include.
type Author struct {
	FirstName     string `json:"first_name"`
	LastName      string `json:"last_name"`
	Email         string `json:"email"`
	Slug          string `json:"slug"`
	Bio           string `json:"bio"`
	Title         string `json:"title"`
	LinkedInUrl   string `json:"linkedin_url"`
	FacebookUrl   string `json:"facebook_url"`
	PinterestUrl  string `json:"pinterest_url"`
	InstagramUrl  string `json:"instagram_url"`
	TwitterHandle string `json:"twitter_handle"`
	ProfileImage  string `json:"profile_image"`
	RecentPosts   []Post `json:"recent_posts,omitempty"`
}

// Category holds posts together.
type Category struct {
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	RecentPosts []Post `json:"recent_posts,omitempty"`
}

// Tag is on posts.
type Tag struct {
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	RecentPosts []Post `json:"recent_posts,omitempty"`
}

// PostsAPIResponse answers GetPosts and SearchPosts.
type PostsAPIResponse struct {
	Answer
	MetaData PagingMeta `json:"meta"`
	PostList []Post     `json:"data"`
}

// PostAPIResponse answers GetPost.
type PostAPIResponse struct {
	Answer
	MetaData PostMeta `json:"meta"`
	Post     Post     `json:"data"`
}

// PagesAPIResponse answers GetPages and SearchPages.
type PagesAPIResponse struct {
	Answer
	MetaData PagingMeta `json:"meta"`
	PageList []Page     `json:"data"`
}

// PageAPIResponse answers GetPage.
type PageAPIResponse struct {
	Answer
	Page Page `json:"data"`
}

// AuthorsAPIResponse answers GetAuthors.
type AuthorsAPIResponse struct {
	Answer
	AuthorList []Author `json:"data"`
}

// AuthorAPIResponse answers GetAuthor.
type AuthorAPIResponse struct {
	Answer
	Author Author `json:"data"`
}

// CategoriesAPIResponse answers GetCategories.
type CategoriesAPIResponse struct {
	Answer
	CategoryList []Category `json:"data"`
}

// CategoryAPIResponse answers GetCategory.
type CategoryAPIResponse struct {
	Answer
	Category Category `json:"data"`
}

// TagsAPIResponse answers GetTags.
type TagsAPIResponse struct {
	Answer
	TagList []Tag `json:"data"`
}

// TagAPIResponse answers GetTag.
type TagAPIResponse struct {
	Answer
	Tag Tag `json:"data"`
}

// FeedAPIResponse answers GetFeed; Data is the XML.
type FeedAPIResponse struct {
	Answer
	Data string `json:"data"`
}

// ContentFieldsAPIResponse answers GetContentFields: the items of each collection by its key.
type ContentFieldsAPIResponse struct {
	Answer
	Data map[string]any `json:"data"`
}

// WriteResponse answers every change; it is empty after a deletion.
type WriteResponse struct {
	Answer
	Status   string   `json:"status"`
	ID       int64    `json:"id"`
	Slug     string   `json:"slug"`
	Warnings []string `json:"warnings"`
}
