# Makes the calls of a list with HTTP::Tiny or LWP: client.pl LIBRARY CALLS.json BASE.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64;
use Encode qw(encode_utf8);

my ($library, $file, $base) = @ARGV;
open my $in, '<', $file or die "cannot read $file: $!";
my $calls = decode_json(do { local $/; <$in> });
my $tiny = HTTP::Tiny->new(timeout => 5, no_proxy => ['127.0.0.1']);

sub escape { my $s = encode_utf8(shift); $s =~ s/([^A-Za-z0-9_.~-])/sprintf('%%%02X', ord $1)/ge; $s }
sub target {
    my $c = shift;
    my $query = join '&', map { escape($_->[0]) . '=' . escape($_->[1]) } @{ $c->{query} || [] };
    return encode_utf8($c->{path}) . ($query eq '' ? '' : ($c->{path} =~ /\?/ ? '&' : '?') . $query);
}

for my $c (@$calls) {
    my %headers = map { $_->[0] => encode_utf8($_->[1]) } @{ $c->{headers} || [] };
    $headers{Authorization} = 'Basic ' . encode_base64(encode_utf8(join ':', @{ $c->{auth} }), '') if $c->{auth};
    my $body = $c->{text} ? encode_utf8($c->{text}) : exists $c->{json} ? encode_json($c->{json}) : undef;
    $headers{'Content-Type'} = $c->{text} ? $c->{type} : 'application/json' if defined $body;
    if ($library eq 'tiny') {
        next if $c->{parts};
        if ($c->{form}) { $tiny->post_form($base . target($c), [map { (encode_utf8($_->[0]), encode_utf8($_->[1])) } @{ $c->{form} }], { headers => \%headers }) }
        else { $tiny->request($c->{method}, $base . target($c), { headers => \%headers, defined $body ? (content => $body) : () }) }
    } else {
        require LWP::UserAgent;
        require HTTP::Request::Common;
        my $agent = LWP::UserAgent->new(timeout => 5, env_proxy => 0);
        if ($c->{form}) { $agent->post($base . target($c), [map { (encode_utf8($_->[0]), encode_utf8($_->[1])) } @{ $c->{form} }], %headers) }
        elsif ($c->{parts}) {
            my @parts = map { (encode_utf8($_->{name}) => exists $_->{value} ? encode_utf8($_->{value}) : [undef, encode_utf8($_->{filename}), Content_Type => $_->{type}, Content => decode_base64($_->{data})]) } @{ $c->{parts} };
            $agent->post($base . target($c), Content_Type => 'form-data', Content => \@parts, %headers);
        } else { $agent->request(HTTP::Request->new($c->{method}, $base . target($c), [%headers], $body)) }
    }
}
