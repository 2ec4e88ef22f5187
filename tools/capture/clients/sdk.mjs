/** Node SDKs with payloads of their own: SOAP, XML-RPC, Elasticsearch, GraphQL, tRPC, OTLP: sdk.mjs BASE. */
import { Client as Elastic } from "@elastic/elasticsearch";
import { PostgrestClient } from "@supabase/postgrest-js";
import { createTRPCProxyClient, httpBatchLink } from "@trpc/client";
import { GraphQLClient } from "graphql-request";
import soap from "soap";
import xmlrpc from "xmlrpc";
import { Words } from "../src/words.mjs";

const base = process.argv[2];
const w = new Words("node-sdk");
const quiet = (/** @type {any} */ p) => Promise.race([Promise.resolve(p).then(() => {}, () => {}), new Promise((r) => setTimeout(r, 2500))]);
const callback = (/** @type {(done: (e?: unknown) => void) => void} */ f) => quiet(new Promise((r) => f(r)));
const type = (/** @type {string} */ name, /** @type {string[]} */ fields) => `<xs:element name="${name}"><xs:complexType><xs:sequence>${fields.map((f) => `<xs:element name="${f}" type="xs:string"/>`).join("")}</xs:sequence></xs:complexType></xs:element>`;
const WSDL = `<?xml version="1.0"?><definitions name="Orders" targetNamespace="http://example.com/orders" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="http://example.com/orders" xmlns:xs="http://www.w3.org/2001/XMLSchema"><types><xs:schema targetNamespace="http://example.com/orders" elementFormDefault="qualified">${type("PlaceOrder", ["customer", "street", "city", "note"])}${type("PlaceOrderResponse", ["id"])}</xs:schema></types><message name="In"><part name="p" element="tns:PlaceOrder"/></message><message name="Out"><part name="p" element="tns:PlaceOrderResponse"/></message><portType name="Port"><operation name="PlaceOrder"><input message="tns:In"/><output message="tns:Out"/></operation></portType><binding name="B" type="tns:Port"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="PlaceOrder"><soap:operation soapAction="urn:PlaceOrder"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding><service name="S"><port name="P" binding="tns:B"><soap:address location="${base}/ws/orders"/></port></service></definitions>`;
const { writeFileSync } = await import("node:fs");
writeFileSync("orders.wsdl", WSDL);
const soapClient = await soap.createClientAsync("orders.wsdl");
soapClient.setSecurity(new soap.WSSecurity("shop", w.password(), { passwordType: "PasswordDigest", hasTimeStamp: true }));
const rpc = xmlrpc.createClient({ url: `${base}/RPC2` });
const elastic = new Elastic({ node: `${base}/es`, maxRetries: 0, requestTimeout: 1500 });
const gql = new GraphQLClient(`${base}/graphql/server`);
const trpc = /** @type {any} */ (createTRPCProxyClient({ links: [httpBatchLink({ url: `${base}/trpc` })] }));
const rest = new PostgrestClient(`${base}/rest/v1`, { headers: { apikey: w.hex(20) } });

for (let i = 0; i < 3; i++) {
  await callback((done) => soapClient.PlaceOrder({ customer: w.name(), street: w.street(), city: w.city(), note: w.prose() }, done));
  await callback((done) => rpc.methodCall("blogger.getUsersBlogs", ["key", w.name(), w.password()], done));
  await callback((done) => rpc.methodCall("metaWeblog.newPost", [i, "anna", w.password(), { title: w.product(), description: w.prose(), categories: ["a & b"], dateCreated: new Date(w.time()) }, true], done));
  await quiet(elastic.search({ index: "products", query: { bool: { must: [{ match: { name: { query: w.search(), operator: "and" } } }], must_not: [{ term: { hidden: true } }] } }, highlight: { fields: { name: {} } } }));
  await quiet(elastic.index({ index: "log-2026.11", document: { at: w.time(), text: w.prose(), user: w.name() } }));
  await quiet(elastic.bulk({ operations: [{ index: { _index: "a", _id: w.sku() } }, { name: w.product() }, { update: { _index: "a", _id: "7" } }, { doc: { city: w.city() } }] }));
  await quiet(gql.request("mutation($in: OrderInput!) { order(input: $in) { id } }", { in: { name: w.name(), note: w.prose() } }));
  await quiet(trpc.note.add.mutate({ text: w.prose() }));
  await quiet(rest.from("people").select("*").ilike("name", `%${w.name()}%`).limit(5));
}
await elastic.close();
process.exit(0);
