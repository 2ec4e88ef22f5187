import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client/core";
import { BatchHttpLink } from "@apollo/client/link/batch-http";
import { createPersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, fetchExchange, gql as ugql } from "@urql/core";
import { GraphQLClient } from "graphql-request";

const { words: w } = window;
const uri = "https://api.example/graphql";
const PRODUCTS = gql`query Products($q: String!, $first: Int = 20, $after: String, $filter: ProductFilter) { products(query: $q, first: $first, after: $after, filter: $filter) { edges { node { id name ...Price } } pageInfo { endCursor hasNextPage } } } fragment Price on Product { price { amount currency } }`;
const ADD = gql`mutation AddToCart($input: CartInput!) { addToCart(input: $input) { id } }`;
const VIEWER = gql`query Viewer($withMail: Boolean!) { viewer { id name email @include(if: $withMail) } }`;
const sha256 = async (s) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(s)))].map((b) => b.toString(16).padStart(2, "0")).join("");
const client = (link) => new ApolloClient({ link, cache: new InMemoryCache(), name: "shop-web", version: "3.1.4", defaultOptions: { query: { fetchPolicy: "no-cache", errorPolicy: "all" }, mutate: { fetchPolicy: "no-cache", errorPolicy: "all" } } });
window.act = async () => {
  const plain = client(new HttpLink({ uri, credentials: "include", headers: { authorization: `Bearer ${w.jwt}` } }));
  const batch = client(new BatchHttpLink({ uri: `${uri}/batch`, batchInterval: 20 }));
  const stored = client(ApolloLink.from([createPersistedQueryLink({ sha256, useGETForHashedQueries: true }), new HttpLink({ uri: `${uri}/apq` })]));
  const urql = new Client({ url: "https://gw.example/api/graphql", exchanges: [fetchExchange], preferGetMethod: "within-url-limit", requestPolicy: "network-only" });
  const light = new GraphQLClient(`${uri}/v2`, { headers: { "x-hasura-role": "user" } });
  const quiet = (p) => p.then(() => {}, () => {});
  for (let i = 0; i < 3; i++) {
    const variables = { q: w.searches[i], first: 20, after: "YXJyYXljb25uZWN0aW9uOjk=", filter: { price: { lte: w.prices[i] }, brand: { in: ["O'Neill", "A&B"] }, or: [{ name: { like: "%mug%" } }] } };
    await quiet(plain.query({ query: PRODUCTS, variables }));
    await quiet(plain.mutate({ mutation: ADD, variables: { input: { sku: w.skus[i], qty: 2, note: w.prose[i], gift: { to: w.names[i], text: w.prose[i + 1] } } } }));
    await Promise.all([quiet(batch.query({ query: PRODUCTS, variables })), quiet(batch.query({ query: VIEWER, variables: { withMail: true } }))]);
    await quiet(stored.query({ query: PRODUCTS, variables }));
    await quiet(urql.query(ugql`query Search($text: String!) { search(text: $text) { __typename ... on Book { title } ... on Author { name } } }`, { text: w.searches[i + 1] }).toPromise());
    await quiet(urql.mutation(ugql`mutation Comment($body: String!, $on: ID!) { comment(body: $body, on: $on) { id } }`, { body: w.prose[i], on: w.uuids[i] }).toPromise());
    await quiet(light.request(`query($where: users_bool_exp) { users(where: $where, order_by: {name: asc}, limit: 10) { id name } }`, { where: { _or: [{ name: { _ilike: `%${w.names[i]}%` } }, { email: { _eq: w.emails[i] } }] } }));
    await quiet(light.request(`{ product(id: "${w.ids[i]}") { name reviews(first: 3, orderBy: {field: CREATED_AT, direction: DESC}) { text } } }`));
    const form = new FormData();
    form.append("operations", JSON.stringify({ query: "mutation($file: Upload!, $title: String) { upload(file: $file, title: $title) { id } }", variables: { file: null, title: w.products[i] } }));
    form.append("map", JSON.stringify({ 0: ["variables.file"] }));
    form.append("0", new File([w.prose[i]], "note.txt", { type: "text/plain" }));
    await fetch(`${uri}/upload`, { method: "POST", body: form, headers: { "apollo-require-preflight": "true" } });
  }
};
